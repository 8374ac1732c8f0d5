import { curlImage, versions } from "../../versions.ts";

/** Two helloworld pods over two nodes, a Service inside, an internet-facing one that never had a node port, a client. */
export const helloworld = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: helloworld }
spec:
  replicas: 2
  selector: { matchLabels: { app: helloworld } }
  template:
    metadata: { labels: { app: helloworld } }
    spec:
      terminationGracePeriodSeconds: 1
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: DoNotSchedule
          labelSelector: { matchLabels: { app: helloworld } }
      containers:
        - name: helloworld
          image: docker.io/istio/examples-helloworld-v1:${versions.imageTags.helloworld}
          ports: [{ containerPort: 5000 }]
---
apiVersion: v1
kind: Service
metadata: { name: helloworld }
spec:
  selector: { app: helloworld }
  ports: [{ port: 5000 }]
---
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing
    service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip
    service.beta.kubernetes.io/aws-load-balancer-attributes: load_balancing.cross_zone.enabled=true
spec:
  type: LoadBalancer
  loadBalancerClass: service.k8s.aws/nlb
  allocateLoadBalancerNodePorts: false
  selector: { app: helloworld }
  ports: [{ port: 80, targetPort: 5000 }]
---
apiVersion: v1
kind: Pod
metadata: { name: curl }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: curl
      image: ${curlImage}
      command: [sleep, infinity]
`;
