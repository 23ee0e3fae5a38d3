// One server for all, which some tests kill.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
