import type { Module } from "./module.ts";

/** Which functions can be on the stack more than once. */
export interface Recursion {
  /** They can, directly or by others, come to call themselves. */
  recursive: ReadonlySet<number>;
  /** They are among those or can come to call one: what they have on the stack counts. */
  leading: ReadonlySet<number>;
  /** Types by which one of those may be called indirectly. */
  leadingTypes: ReadonlySet<number>;
}

/**
 * The call graph's strongly connected components (R. Tarjan, "Depth-First Search and Linear Graph Algorithms", 1972, without
 * recursion of its own). A function that is called indirectly may be any that has the type and whose address is taken: between them
 * stands a node for the type, so that there are as many edges as calls.
 */
export function recursionOf(module: Module): Recursion {
  const graph = graphOf(module);
  const { functions } = module;
  const recursive = new Set<number>();
  const leading = new Set<number>();
  const leadingTypes = new Set<number>();
  for (const component of componentsOf(graph)) {
    const isCyclic = component.some((node) => component.length > 1 || graph[node]?.includes(node));
    const leads = (node: number): boolean =>
      node < functions.length ? leading.has(node) : leadingTypes.has(node - functions.length);
    if (!isCyclic && !component.some((node) => graph[node]?.some(leads))) continue;
    for (const node of component) {
      if (node >= functions.length) leadingTypes.add(node - functions.length);
      else leading.add(node);
      if (isCyclic && node < functions.length) recursive.add(node);
    }
  }
  return { recursive, leading, leadingTypes };
}

/** Of each function, and then of each type, the nodes that it may lead to. */
function graphOf({ types, functions, addressed, codes }: Module): number[][] {
  const graph: number[][] = [];
  const importedFunctions = functions.length - codes.length;
  for (let index = 0; index < importedFunctions; index += 1) graph.push([]);
  for (const { calls } of codes) {
    const nodes = calls.map(({ how, index }) => (how === "direct" ? index : functions.length + index));
    graph.push([...new Set(nodes)]);
  }
  // Two types that are written alike are one.
  const byShape = new Map<string, number[]>();
  for (const index of addressed) {
    const shape = JSON.stringify(types[functions[index] ?? -1]);
    const alike = byShape.get(shape);
    if (alike === undefined) byShape.set(shape, [index]);
    else alike.push(index);
  }
  for (const type of types) graph.push(byShape.get(JSON.stringify(type)) ?? []);
  return graph;
}

/** In an order in which each comes after all that it leads to. */
function componentsOf(graph: readonly (readonly number[])[]): number[][] {
  const components: number[][] = [];
  const order = new Int32Array(graph.length).fill(-1);
  const lowest = new Int32Array(graph.length);
  const isOpen = new Uint8Array(graph.length);
  const open: number[] = [];
  let visited = 0;
  const path: { node: number; next: number }[] = [];
  const enter = (node: number): void => {
    order[node] = lowest[node] = visited;
    visited += 1;
    isOpen[node] = 1;
    open.push(node);
    path.push({ node, next: 0 });
  };
  const lower = (node: number, to: number): void => {
    lowest[node] = Math.min(lowest[node] ?? to, to);
  };
  for (let root = 0; root < graph.length; root += 1) {
    if (order[root] === -1) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const successor = graph[top.node]?.[top.next];
      top.next += 1;
      if (successor !== undefined) {
        if (order[successor] === -1) enter(successor);
        else if (isOpen[successor] === 1) lower(top.node, order[successor] ?? 0);
        continue;
      }
      path.pop();
      const caller = path.at(-1);
      if (caller !== undefined) lower(caller.node, lowest[top.node] ?? 0);
      if (lowest[top.node] !== order[top.node]) continue;
      const component = open.splice(open.lastIndexOf(top.node));
      for (const node of component) isOpen[node] = 0;
      components.push(component);
    }
  }
  return components;
}
