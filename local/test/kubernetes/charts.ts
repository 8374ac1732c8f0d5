import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  text: {{ required "text is required" .Values.text | quote }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
  finalizers: {{ toJson .Values.finalizers }}
spec:
  type: {{ .Values.type }}
  loadBalancerClass: {{ .Values.class }}
  ports: [{port: 80}]
`;

/** Writes a small chart: a ConfigMap with a text, and a Service that may be a load balancer or be held by a finalizer. */
export async function writeChart(folder: string): Promise<string> {
  const chart = join(folder, "demo");
  await mkdir(join(chart, "templates"), { recursive: true });
  await writeFile(join(chart, "Chart.yaml"), 'apiVersion: v2\nname: demo\nversion: 0.1.0\nappVersion: "9.9"\n');
  await writeFile(join(chart, "values.yaml"), "text: hello\ntype: ClusterIP\nclass: null\nfinalizers: []\n");
  await writeFile(join(chart, "templates", "all.yaml"), template);
  return chart;
}
