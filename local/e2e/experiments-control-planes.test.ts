import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti("control planes", "istiod-loss", "api-server-loss", "istiod-restart");
