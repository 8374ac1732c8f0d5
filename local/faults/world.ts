/** A cloud of this suite's own, without nodes. It starts empty, and what a failed run leaves stays to be looked at. */
process.env["ISTIO_LAB_RUN"] ??= "/var/lib/istio-lab-faults";
process.env["ISTIO_LAB_PREFIX"] ??= "ilf-";
process.env["ISTIO_LAB_NODES"] ??= "none";

// Imported late: that one has an environment of its own for whoever has none.
export const { mochaHooks } = await import("../e2e/world.ts");
