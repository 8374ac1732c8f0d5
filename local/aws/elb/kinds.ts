import { kind } from "../resource.ts";
import type { LoadBalancerRecord, TargetGroupRecord } from "../snapshot.ts";

/** Network load balancers and their target groups, all made by load balancer controllers; ids are ARNs. */
export const LoadBalancer = kind<LoadBalancerRecord>("aws:lb/loadBalancer:LoadBalancer");
export const TargetGroup = kind<TargetGroupRecord>("aws:lb/targetGroup:TargetGroup");
