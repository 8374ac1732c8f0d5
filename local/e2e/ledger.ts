/** The local cloud's ledger, which stands for AWS: what is in the account. */
import { localCloud } from "./shell.ts";

export interface LedgerRecord {
  readonly type: string;
  readonly id: string;
}

export async function ledger(): Promise<LedgerRecord[]> {
  const { stdout, stderr, exitCode } = await localCloud("ledger", "--json");
  if (exitCode !== 0) throw new Error(`npm run local -- ledger --json: ${stderr}`);
  return JSON.parse(stdout) as LedgerRecord[];
}
