/** What can be wrong with the database itself, rather than with what was asked of it. */

/** It cannot be used as it is set up: wrong address, password, version or rights. For the operator, at start. */
export class StoreUnusable extends Error {}

/** It is not there just now, or not able to; what was asked is not known to be on disk. Later it may be. */
export class StoreUnavailable extends Error {}
