// One LangGraph run under its SQLite saver: node langgraph.mjs FILE STEPS SIZE WARM grows|last [full]
//   grows  the state keeps every result, as a list of messages does
//   last   the state keeps the last result only
//   full   SQLite flushes at each commit; the saver itself leaves that to better-sqlite3, which does not
// WARM steps are taken in another database first, so that compilation is no cost of a step.
// Prints the microseconds of a step and the bytes that the process had written for all of them.
import { readFileSync } from "node:fs";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";

const [file, steps, size, warm, state, flush] = process.argv.slice(2);

const State = Annotation.Root({
  count: Annotation(),
  results: Annotation(state === "grows" ? { reducer: (old, added) => old.concat(added), default: () => [] } : undefined),
});

const written = () => Number(/^wchar: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))[1]);

async function run(path, count) {
  const saver = SqliteSaver.fromConnString(path);
  saver.setup();
  if (flush === "full") saver.db.pragma("synchronous=FULL");
  const graph = new StateGraph(State)
    .addNode("act", ({ count }) => ({ count: count + 1, results: [String.fromCharCode(97 + (count % 26)).repeat(Number(size))] }))
    .addEdge(START, "act")
    .addConditionalEdges("act", ({ count: done }) => (done < count ? "act" : END))
    .compile({ checkpointer: saver });
  const before = written();
  const began = process.hrtime.bigint();
  // "sync": a step is stored before the next one begins, which is what the other side of this comparison does.
  const result = await graph.invoke(
    { count: 0, results: [] }, { configurable: { thread_id: "run" }, recursionLimit: count + 10, durability: "sync" });
  const elapsed = Number(process.hrtime.bigint() - began) / 1000 / count;
  if (result.count !== count) throw new Error(`${result.count} steps of ${count}`);
  saver.db.close();
  return { elapsed, bytes: written() - before };
}

if (Number(warm) > 0) await run(`${file}-warm`, Number(warm));
const { elapsed, bytes } = await run(file, Number(steps));
console.log(`${elapsed.toFixed(0)} ${bytes}`);
