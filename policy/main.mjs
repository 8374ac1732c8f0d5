// Pulumi requires a policy pack with ts-node at work, which takes no ES modules; what is imported from here, Node runs.
import "./pack/server.ts";
