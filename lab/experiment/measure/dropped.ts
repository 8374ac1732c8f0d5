/** Whether the load was at a constant rate. Pure. */
import { sort } from "d3-array";
import { byStart, type Request } from "./request.ts";

/** What a client may catch up after the end, in milliseconds: one that was sent late was not dropped. */
const catchUp = 1_000;
/** Where a period begins and ends between two requests, each end may lack one. */
const ends = 2;

/**
 * Requests whose time had come from `origin` to `end` without one being sent.
 *
 * @param requests of one client, in any order, also those from before `origin` and after `end`
 * @param period in milliseconds since 1970
 * @param rate requests a second
 */
export function droppedOf(
  requests: readonly Request[],
  { origin, end }: { readonly origin: number; readonly end: number },
  rate: number,
): number {
  const all = sort(requests, ({ start }) => start);
  const first = byStart.left(all, origin);
  const missingAt = (at: number): number =>
    Math.floor(((at - origin) / 1_000) * rate) - (byStart.left(all, at) - first);
  const later = all.slice(byStart.left(all, end), byStart.right(all, end + catchUp)).map(({ start }) => start);
  const missing = Math.min(...[end, ...later].map(missingAt));
  return missing > ends ? missing : 0;
}
