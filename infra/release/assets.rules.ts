// Which files of earlier releases may go.

/** What a release brought, kept beside the files themselves. */
export interface Manifest {
  readonly release: string;
  /** When it was last put in place. */
  readonly at: string;
  /** Keys in the bucket. */
  readonly files: readonly string[];
}

export interface StoredFile {
  readonly key: string;
  readonly lastModified: string;
}

/** The release in place, and two to go back to. */
const keptReleases = 3;
/** A page that is open asks for the files of its release for as long as it stays open. */
const keptDays = 30;

/**
 * Files of no release that is kept: the newest three, and all that were in place within the last month.
 * @param now milliseconds since 1970
 * @returns keys in the bucket
 */
export function staleFiles(
  stored: readonly StoredFile[],
  manifests: readonly Manifest[],
  now: number,
): string[] {
  const since = now - keptDays * 24 * 60 * 60 * 1000;
  const newestFirst = manifests.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const kept = newestFirst.filter((_, place) => {
    const successor = newestFirst[place - 1];
    return place < keptReleases || (successor !== undefined && Date.parse(successor.at) > since);
  });
  const used = new Set(kept.flatMap(({ files }) => files));
  return (
    stored
      // What is being uploaded has no manifest yet.
      .filter(({ key, lastModified }) => !used.has(key) && Date.parse(lastModified) < since)
      .map(({ key }) => key)
  );
}
