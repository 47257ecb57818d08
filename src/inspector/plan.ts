/** What a grader asks the inspector to look at, beyond the processes. */
export interface ObservationPlan {
  /** HTTP requests by name, sent to a port of the sandbox's own network namespace. */
  readonly requests?: Readonly<Record<string, { port: number; path?: string; method?: string }>>;
  /** Probe the filter of every process of the containers that served the named request. */
  readonly syscalls?: { readonly servedBy: string; readonly calls: readonly string[] | 'all' };
  /** Files to read, absolute paths in the sandbox. */
  readonly files?: readonly string[];
  /** Files to read in the container that answered the named request, as it sees them itself. */
  readonly containerFiles?: { readonly servedBy: string; readonly paths: readonly string[] };
  /** Owner, mode and label of a path in the container that answered the named request, as it sees it itself. */
  readonly attributes?: Readonly<Record<string, { readonly servedBy: string; readonly path: string }>>;
  /**
   * Look at the container that answered, the layers below it and its image. `find`: secrets that must be nowhere, in any
   * encoding; `marks`: text to find as it is. What is found is named by its index, marks after secrets.
   */
  readonly servingImage?: {
    readonly servedBy: string;
    readonly find?: readonly string[];
    readonly marks?: readonly string[];
  };
  /** A registry on localhost, what of it to read, and keys besides those of the policy. */
  readonly trust?: TrustPlan;
}

export interface TrustPlan {
  readonly port: number;
  readonly repositories: readonly string[];
  readonly tag: string;
  readonly keys: readonly string[];
}
