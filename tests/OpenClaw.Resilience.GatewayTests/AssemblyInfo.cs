// A gateway takes seconds of a processor for its start alone: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
