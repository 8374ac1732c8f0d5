/** Names of what an experiment makes in the lab's clusters. All of it stands in two namespaces, which a cleanup removes. */

/** In the mesh: the service under load, and the load. */
export const namespace = "experiment";
/** Outside of it: the hand that kills processes, which must be privileged. */
export const handNamespace = "experiment-hand";
export const server = "server";
export const client = "client";
export const hand = "hand";
/** Of the service. */
export const port = 80;
/** Of the application's own administration, which only its pod can reach. */
export const adminPort = 9901;
