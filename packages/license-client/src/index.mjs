export { canonicalKey, isWellFormedKey } from './key.mjs';
export { createClient, LicenseServerError, LicenseServerUnreachable } from './online.mjs';
export { createVerifier } from './verify.mjs';
