/** Somebody else than who made the lab: a kubeconfig that logs in as another IAM principal. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { must, newFolder, type Outcome, sh, type Stack } from "./shell.ts";

interface Kubeconfig {
  users: { user: { exec?: { command: string; args: string[] }; token?: string } }[];
}

export class Principal {
  private readonly kubeconfig: string;

  private constructor(kubeconfig: string) {
    this.kubeconfig = kubeconfig;
  }

  /** Logs in to a cluster of a stack as `aws eks get-token --role-arn` does, once: its token holds for some minutes. */
  static async of(stack: Stack, cluster: string, arn: string): Promise<Principal> {
    const config = JSON.parse(await must(`cat ${stack.kubeconfig(cluster)}`)) as Kubeconfig;
    for (const { user } of config.users) {
      const { command, args } = user.exec ?? { command: "false", args: [] };
      const answer = JSON.parse(await must(`${command} ${args.join(" ")} --role-arn ${arn}`)) as {
        status: { token: string };
      };
      delete user.exec;
      user.token = answer.status.token;
    }
    const file = join(await newFolder(), "kubeconfig");
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    return new Principal(file);
  }

  kubectl(args: string): Promise<Outcome> {
    return sh(`kubectl --kubeconfig ${this.kubeconfig} ${args}`);
  }

  /** `kubectl apply` of an object. */
  apply(object: object): Promise<Outcome> {
    return this.kubectl(`apply -f - <<'JSON'\n${JSON.stringify(object)}\nJSON`);
  }

  /** `yes` or `no` of `kubectl auth can-i` to each question, such as `get secrets -n blue`. */
  async may(questions: readonly string[]): Promise<Record<string, string>> {
    const asked = questions.map((question) => `kubectl --kubeconfig ${this.kubeconfig} auth can-i ${question}`);
    const answers = (await sh(`${asked.join("; ")}; true`)).stdout.trim().split("\n");
    return Object.fromEntries(questions.map((question, index) => [question, answers[index] ?? ""]));
  }
}
