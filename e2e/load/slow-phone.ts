/** As Lighthouse throttles: a phone a quarter as fast as this machine, on slow 4G. */
export const slowdown = 4;
export const slowLine = {
  offline: false,
  latency: 562.5,
  downloadThroughput: (1_474.56 * 1_024) / 8,
  uploadThroughput: (675 * 1_024) / 8,
};
