import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti("rotations", "remote-secret-rotation", "intermediate-rotation", "root-rotation");
