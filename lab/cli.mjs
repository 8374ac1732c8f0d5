// The command's entry point, in syntax that every Node reads: an old one gets one clear line instead of a syntax error.
import "./require-node.mjs";

await import("./main.ts");
