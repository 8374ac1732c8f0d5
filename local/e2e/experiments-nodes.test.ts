import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti("nodes and zones", "node-drain", "zone-loss");
