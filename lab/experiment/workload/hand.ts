/**
 * A hand on every node that can kill what runs there, as an out-of-memory killer or a crash would: SIGKILL from outside
 * of the container, so that nothing drains and nothing says goodbye. From inside, the first process of a container
 * cannot be killed (pid_namespaces(7)), and Kubernetes only ever asks politely first.
 */
import type { KubernetesObject } from "../../../istio/object.ts";
import { hand, handNamespace } from "./names.ts";

const labels = { app: hand };

export function handObjects(images: string): KubernetesObject[] {
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: handNamespace,
        labels: { "istio-injection": "disabled", "pod-security.kubernetes.io/enforce": "privileged" },
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: hand, namespace: handNamespace, labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            hostPID: true,
            terminationGracePeriodSeconds: 0,
            tolerations: [{ operator: "Exists" }],
            containers: [
              {
                name: hand,
                image: `${images}/curlimages/curl:8.16.0`,
                imagePullPolicy: "IfNotPresent",
                command: ["/bin/sh", "-c", "sleep infinity"],
                securityContext: { privileged: true, runAsUser: 0 },
                resources: { requests: { cpu: "10m", memory: "16Mi" } },
              },
            ],
          },
        },
      },
    },
  ];
}

/**
 * Kills every process of some pods except the one that holds the pod's network, again and again while they come back.
 * Speaks a line when it has killed for the first time. Ends by itself, so that nothing is left when nobody ends it.
 *
 * @param uids of the pods, as the control groups of their processes name them
 * @param seconds how long; 0 for once
 */
export function killCommand(uids: readonly string[], seconds: number): string[] {
  // Control groups of the driver `systemd` write the hyphens of a uid as underscores.
  const patterns = uids.flatMap((uid) => [`*${uid}*`, `*${uid.replaceAll("-", "_")}*`]).join("|");
  const script = `
end=$(($(date +%s) + ${seconds}))
said=
while :; do
  for process in /proc/[0-9]*; do
    mine=
    while read -r line; do case "$line" in ${patterns}) mine=1; break ;; esac; done < "$process/cgroup"
    [ -n "$mine" ] || continue
    read -r name < "$process/comm" || continue
    [ "$name" = pause ] || kill -9 "\${process#/proc/}"
    [ -n "$said" ] || { said=1; echo killed; }
  done 2>/dev/null
  [ "$(date +%s)" -lt "$end" ] || break
  sleep 0.1
done
[ -n "$said" ]
`;
  return ["/bin/sh", "-c", script];
}
