/** What an API server answers instead of an object (meta/v1 Status). */
export interface Status {
  message?: string;
  reason?: string;
  code?: number;
  details?: { kind?: string; name?: string; causes?: { reason?: string; message?: string; field?: string }[] };
}

/** The API server refused a request. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Status["details"];

  constructor(code: number, status: Status) {
    super(status.message ?? `the API server answered ${code}`);
    this.name = "ApiError";
    this.code = code;
    this.reason = status.reason ?? "";
    this.details = status.details;
  }
}

/** The API server could not be reached at all. */
export class UnreachableError extends Error {
  constructor(server: string, cause: string) {
    super(`configured Kubernetes cluster is unreachable: ${server}: ${cause}`);
    this.name = "UnreachableError";
  }
}

/** The API server knows no such kind, usually because its CustomResourceDefinition does not exist. */
export class NoMatchError extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
    this.name = "NoMatchError";
  }
}

/** Whether the object, its namespace or its kind does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

/** An error's text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
