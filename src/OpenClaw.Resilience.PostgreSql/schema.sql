-- The tables of PostgreSqlCheckpointStore, format 1. May be run any number of times, by several at once:
--   psql -v ON_ERROR_STOP=1 -f schema.sql
-- For another schema, replace "openclaw" everywhere. What the columns mean: docs/checkpoint-postgresql.md
BEGIN;

-- IF NOT EXISTS alone does not help two who create the same thing at the same moment.
SELECT pg_advisory_xact_lock(7310575239137944434);

DO $$
BEGIN
  -- Asked first, for CREATE SCHEMA wants a privilege on the database even when there is nothing to create.
  IF to_regnamespace('"openclaw"') IS NULL THEN
    CREATE SCHEMA "openclaw";
  END IF;
END
$$;

CREATE TABLE IF NOT EXISTS "openclaw".format (
  version int PRIMARY KEY
);

CREATE SEQUENCE IF NOT EXISTS "openclaw".tokens;

-- A row for each run: who holds it, and where its open generation ends. Half of each page stays free, so that an update needs no index.
CREATE TABLE IF NOT EXISTS "openclaw".runs (
  key             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id          bytea NOT NULL UNIQUE,
  generation      int NOT NULL,
  next_sequence   bigint NOT NULL,
  complete        boolean NOT NULL,
  last_written_at bigint NOT NULL,
  token           bigint NOT NULL DEFAULT nextval('"openclaw".tokens'),
  epoch           bigint NOT NULL,
  holder          uuid,
  owner           bytea NOT NULL,
  held_since      timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS "openclaw".records (
  run            bigint NOT NULL REFERENCES "openclaw".runs (key) ON DELETE CASCADE,
  generation     int NOT NULL,
  sequence       bigint NOT NULL,
  token          bigint NOT NULL,
  kind           smallint NOT NULL,
  written_at     bigint NOT NULL,
  step           bytea NOT NULL,
  attempt        int NOT NULL,
  schema_version int NOT NULL,
  may_have_run   boolean NOT NULL,
  detail         bytea NOT NULL,
  input_digest   bytea NOT NULL,
  payload        bytea NOT NULL,
  PRIMARY KEY (run, generation, sequence)
);

-- The generations that are complete, for pruning.
CREATE INDEX IF NOT EXISTS records_completed ON "openclaw".records (written_at) WHERE kind = 5;

-- Last, and in the same transaction: where there is a version, there is everything.
INSERT INTO "openclaw".format (version) VALUES (1) ON CONFLICT DO NOTHING;

COMMIT;
