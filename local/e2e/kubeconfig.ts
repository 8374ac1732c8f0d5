interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: object }[];
  readonly users: readonly { readonly user: object }[];
}

/** One kubeconfig, as JSON, from those of several clusters: a context for each, by its name here. */
export function joinedKubeconfig(clusters: Iterable<readonly [name: string, { readonly kubeconfig: string }]>): string {
  const configs = [...clusters].map(([name, { kubeconfig }]) => ({
    name,
    config: JSON.parse(kubeconfig) as Kubeconfig,
  }));
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: configs.map(({ name, config }) => ({ name, cluster: config.clusters[0]?.cluster })),
    users: configs.map(({ name, config }) => ({ name, user: config.users[0]?.user })),
    contexts: configs.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
  });
}
