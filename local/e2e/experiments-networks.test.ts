import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti("networks", "partition", "partition-remote", "cluster-loss");
