/** Generated configurations: meshes of any size, each cluster a primary with a network and a region of its own choice. */
const regions = ["us-east-1", "us-west-2", "ap-northeast-1"];

/**
 * Configuration of a multi-primary mesh, as the engine hands it to the program.
 * @param clusters how many; each reads every other, so there are `clusters * (clusters - 1)` remote secrets
 */
export function meshConfig(clusters: number): Record<string, string> {
  const records = Array.from({ length: clusters }, (_, index) => ({
    name: `c${String(index).padStart(2, "0")}`,
    region: regions[index % regions.length],
    cidr: `10.${index + 10}.0.0/16`,
  }));
  return {
    "istio-lab:clusters": JSON.stringify(records),
    "istio-lab:mesh": JSON.stringify({ profile: "demo", mtls: "STRICT" }),
    "istio-lab:controlPlane": JSON.stringify({ ha: true }),
    "istio-lab:samples": JSON.stringify(["helloworld", "curl"]),
  };
}
