import { parse, parseAllDocuments } from "yaml";

interface KubernetesObject {
  kind: string;
  metadata: { namespace?: string };
  subjects?: { namespace?: string }[];
  data?: Record<string, unknown>;
  spec?: { type?: string; template?: { metadata: object; spec: PodSpec } };
}
interface PodSpec {
  containers: { image: string; volumeMounts: object[] }[];
  volumes: object[];
}

/** Stands in a chart's template for what Helm puts there. */
const slots = {
  namespace: "{{ .Release.Namespace | quote }}",
  config: "{{ toYaml .Values | toJson }}",
  image: '{{ printf "%s:%s" .Values.deployment.image_name .Values.deployment.image_version | quote }}',
  annotations: "{{ .Values.deployment.pod_annotations | toJson }}",
  type: '{{ .Values.deployment.service_type | default "ClusterIP" | quote }}',
  mounts:
    '{{ range .Values.clustering.clusters }}{"name": {{ .name | quote }}, "mountPath": "/kiali-remote-cluster-secrets/{{ .secret_name }}"},{{ end }}',
  volumes:
    '{{ range .Values.clustering.clusters }}{"name": {{ .name | quote }}, "secret": {"secretName": {{ .secret_name | quote }}}},{{ end }}',
};

/**
 * A chart that stands in for kiali-server, whose own cannot be had here: the objects of Istio's add-on, which are that
 * chart's, with the values that the lab sets filled in. It is for API servers to judge; that the values are the real
 * chart's it cannot show. Its roles are the add-on's, which may do more than the viewer's.
 * @param addOn samples/addons/kiali.yaml of Istio
 * @returns texts by the files' paths
 */
export function kialiChart(addOn: string): Record<string, string> {
  const objects = parseAllDocuments(addOn)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
  const settings = objects.find(({ kind }) => kind === "ConfigMap")?.data?.["config.yaml"];
  if (typeof settings !== "string") throw new Error("Istio's add-on for Kiali has no config.yaml in a ConfigMap.");
  const values = parse(settings) as { deployment: { version_label?: string } };
  const version = (values.deployment.version_label ?? "").replace(/^v/, "");
  return {
    "Chart.yaml": JSON.stringify({ apiVersion: "v2", name: "kiali-server", version, appVersion: version }),
    "values.yaml": JSON.stringify(values),
    "templates/all.yaml": objects.map(template).join(""),
  };
}

function template(object: KubernetesObject): string {
  const text = JSON.stringify(withSlots(object)).replaceAll(
    /"<(\w+)>",?/g,
    (whole, name: keyof typeof slots) => slots[name] + (whole.endsWith(",") && !/mounts|volumes/.test(name) ? "," : ""),
  );
  const remoteToo = ["ServiceAccount", "ClusterRole", "ClusterRoleBinding"].includes(object.kind);
  const document = `---\n${text}\n`;
  return remoteToo
    ? document
    : `{{- if not .Values.deployment.remote_cluster_resources_only }}\n${document}{{- end }}\n`;
}

function withSlots(object: KubernetesObject): object {
  const { metadata, subjects, data, spec } = object;
  return {
    ...object,
    metadata: { ...metadata, ...(metadata.namespace === undefined ? {} : { namespace: "<namespace>" }) },
    ...(subjects && { subjects: subjects.map((subject) => ({ ...subject, namespace: "<namespace>" })) }),
    ...(data && { data: { "config.yaml": "<config>" } }),
    ...(object.kind === "Service" ? { spec: { ...spec, type: "<type>" } } : {}),
    ...(spec?.template && { spec: { ...spec, template: withPodSlots(spec.template) } }),
  };
}

function withPodSlots({ metadata, spec }: { metadata: object; spec: PodSpec }): object {
  const [container] = spec.containers;
  if (container === undefined) throw new Error("Istio's add-on for Kiali has a pod without a container.");
  const { volumeMounts } = container;
  return {
    metadata: { ...metadata, labels: { ...labelsOf(metadata) }, annotations: "<annotations>" },
    spec: {
      ...spec,
      containers: [{ ...container, image: "<image>", volumeMounts: ["<mounts>", ...volumeMounts] }],
      volumes: ["<volumes>", ...spec.volumes],
    },
  };
}

/** Less the one by which Istio's add-on keeps Kiali out of the mesh. */
function labelsOf(metadata: object): object {
  const { labels = {} } = metadata as { labels?: Record<string, string> };
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== "sidecar.istio.io/inject"));
}
