// Runs the same steps with both, in turns, and prints a table: node compare.mjs CRASHBENCH.dll FOLDER
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [bench, folder] = process.argv.slice(2);
const langgraph = join(dirname(fileURLToPath(import.meta.url)), "langgraph.mjs");
const rounds = 5;
const warm = 20;
const kinds = [[50, 2 << 10], [50, 64 << 10], [500, 2 << 10]];

const saver = (...how) => (place, steps, size, warmed) => [process.execPath, langgraph, join(place, "db"), steps, size, warmed, ...how];
const contenders = {
  "`FileCheckpointStore`": (place, steps, size, warmed) => ["dotnet", bench, "steps", place, steps, size, warmed],
  "LangGraph, results in the state": saver("grows"),
  "… flushed at each commit": saver("grows", "full"),
  "LangGraph, last result in the state": saver("last"),
  "… flushed at each commit ": saver("last", "full"),
};

let places = 0;
function inNewPlace(use) {
  const place = join(folder, `${places++}`);
  mkdirSync(place);
  try {
    return use(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

const size = (path) => readdirSync(path, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !`${entry.parentPath ?? entry.path}/${entry.name}`.includes("-warm"))
  .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);

const measure = (command) => inNewPlace((place) => {
  const [program, ...rest] = command(place, warm);
  const [time, bytes] = execFileSync(program, rest.map(String), { encoding: "utf8" }).trim().split(" ").map(Number);
  return { time, bytes, disk: size(place) };
});

// Of a run of its own: being watched takes time.
const flushes = (command) => inNewPlace((place) => {
  const report = join(folder, "flushes");
  const watched = spawnSync(
    "strace", ["-f", "-qq", "-e", "trace=fsync,fdatasync,msync,sync_file_range,sync,syncfs", "-o", report, ...command(place, 0).map(String)]);
  if (watched.error) return "no strace";
  return readFileSync(report, "utf8").split("\n").filter((line) => /sync\w*\(/.test(line)).length;
});

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const figure = (value) => (typeof value === "number" ? Math.round(value).toLocaleString("en") : value);

console.log("| steps | | a step, median | written | on disk | flushes |\n|---|---|---:|---:|---:|---:|");
for (const [steps, bytes] of kinds) {
  const seen = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of Object.entries(contenders)) {
      seen[name].push(measure((place, warmed) => command(place, steps, bytes, warmed)));
    }
  }

  for (const [name, command] of Object.entries(contenders)) {
    const count = flushes((place, warmed) => command(place, steps, bytes, warmed));
    const row = [median(seen[name].map((one) => one.time)), seen[name][0].bytes / 1024, seen[name][0].disk / 1024].map(figure);
    console.log(`| ${steps} of ${bytes >> 10} KiB | ${name.trim()} | ${row[0]} µs | ${row[1]} KiB | ${row[2]} KiB | ${figure(count)} |`);
  }
}
