const longest = 300;

/** Why a job failed, for people who keep things running: one line, without what could name a person or leak a secret. */
export function withoutPersons(reason: string): string {
  return (reason.split('\n')[0] ?? '')
    .replace(/(:\/\/)[^\s/@]+@/g, '$1')
    .replace(/[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, '[email]')
    .replace(/\b(?:shp[a-z]{2}_|eyJ)[\w.-]{8,}/g, '[token]')
    .replace(/\+?\d[\d ().-]{7,}\d/g, '[number]')
    .slice(0, longest);
}
