import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti("east-west gateways", "gateway-pod-loss", "gateway-loss", "gateway-loss-remote");
