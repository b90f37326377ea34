/** Purposes of keys that sign artifacts: one family of formats each. */
export const ARTIFACT_PURPOSES = ['authenticode', 'cms', 'raw', 'jar', 'openpgp', 'oci'] as const;

/** Purposes of the keys that the server uses for itself; `ca` exists in trial stores alone. */
export const INTERNAL_PURPOSES = ['provenance', 'log', 'canary', 'ca'] as const;

/** What a key is for. It has one purpose, fixed when it is generated, because the same bytes can mean something in two formats. */
export type KeyPurpose = ArtifactPurpose | (typeof INTERNAL_PURPOSES)[number];

/** A purpose that a format can have. */
export type ArtifactPurpose = (typeof ARTIFACT_PURPOSES)[number];

/** True where the text names a purpose. */
export function isKeyPurpose(text: string): text is KeyPurpose {
  return isArtifactPurpose(text) || (INTERNAL_PURPOSES as readonly string[]).includes(text);
}

/** True where the text names a purpose of keys that sign artifacts. */
export function isArtifactPurpose(text: string): text is ArtifactPurpose {
  return (ARTIFACT_PURPOSES as readonly string[]).includes(text);
}
