/** A cloud of this suite's own, with nodes: what carries traffic is tried here, and what only nodes can suffer. */
process.env["ISTIO_LAB_RUN"] ??= "/var/lib/istio-lab-faults";
process.env["ISTIO_LAB_PREFIX"] ??= "ilf-";

// Imported late: that one has an environment of its own for whoever has none.
export const { mochaHooks } = await import("../../e2e/world.ts");
