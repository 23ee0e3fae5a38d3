using OpenClaw.Resilience.PostgreSql.Tests.Server;

// One server for all, which some tests kill.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
