/**
 * Tags by which a lab's AWS resources are found again, also those that AWS makes on our behalf: a provider's default
 * tags would not reach nodes, their interfaces and load balancers, so every resource is given them.
 */
import type * as pulumi from "@pulumi/pulumi";

export type Tags = Readonly<Record<string, pulumi.Input<string>>>;
