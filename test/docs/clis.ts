/**
 * Verbs and options of other people's commands, as `--help` of each spells them (kubectl 1.36, istioctl 1.31, Pulumi
 * 3.259, the AWS CLI 2): no more than the pages need.
 */
export interface Cli {
  /** Options of every verb. Those that stand before a verb take a value. */
  readonly options: string;
  /** By verb, which may be of two words: its own options. */
  readonly verbs: Readonly<Record<string, string>>;
}

export const clis: Readonly<Record<string, Cli>> = {
  kubectl: {
    options: "--context -n",
    verbs: {
      "api-resources": "--api-group",
      apply: "-f",
      "create configmap": "--from-literal",
      "create token": "",
      delete: "-l -A --wait",
      describe: "",
      exec: "-c",
      get: "-A -L -l -o --show-labels",
      label: "--overwrite",
      logs: "-c --tail",
      "port-forward": "",
      "rollout restart": "",
      "rollout status": "",
      scale: "--replicas",
    },
  },
  istioctl: {
    options: "--context -n -i",
    verbs: {
      analyze: "-A",
      "create-remote-secret": "",
      install: "--set",
      "proxy-config bootstrap": "",
      "proxy-config clusters": "--fqdn --port -o",
      "proxy-config endpoints": "-o",
      "proxy-config listeners": "--port -o",
      "proxy-config routes": "--name -o",
      "proxy-config secret": "-o",
      "proxy-status": "-r",
      "remote-clusters": "",
      version: "-o",
      "ztunnel-config workloads": "",
    },
  },
  pulumi: {
    options: "--stack",
    verbs: {
      cancel: "--yes",
      "config set": "--config-file --path --secret",
      destroy: "--config-file --refresh --yes",
      login: "--local",
      preview: "--config-file --policy-pack",
      refresh: "--clear-pending-creates --config-file",
      stack: "--show-urns",
      "stack export": "",
      "stack init": "",
      "stack ls": "",
      "stack output": "--json --show-secrets",
      "stack rm": "--preserve-config",
      "state taint": "",
      up: "--config-file --policy-pack --refresh --yes",
    },
  },
  aws: {
    options: "--region",
    verbs: {
      configure: "",
      "ec2 delete-security-group": "--group-id",
      "eks describe-nodegroup": "",
      "eks get-token": "",
      "eks list-nodegroups": "",
      "eks update-kubeconfig": "--name",
      "elbv2 delete-load-balancer": "--load-balancer-arn",
      "elbv2 delete-target-group": "--target-group-arn",
      "iam list-role-tags": "--role-name",
      "resourcegroupstaggingapi get-resources": "--resource-type-filters --tag-filters",
      "sso login": "",
      "sts get-caller-identity": "",
    },
  },
};

/** Further programs that a reader has, and words of the shell. */
export const programs: readonly string[] = [
  ...["cd", "do", "done", "eval", "exit", "export", "for"],
  ...["cat", "curl", "dirname", "find", "grep", "head", "ls", "nsenter", "pgrep", "rm", "sed", "tail"],
  ...["go", "jq", "kind", "npm", "npx", "python3"],
];
