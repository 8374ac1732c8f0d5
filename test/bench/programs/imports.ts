/** What every Pulumi program with these SDKs takes before it does anything. */
import "@pulumi/aws";
import "@pulumi/eks";
import "@pulumi/kubernetes";
import "@pulumi/pulumi";
import "@pulumi/random";
import "@pulumi/tls";

export default function program(): void {
  // Nothing: the imports are the point.
}
