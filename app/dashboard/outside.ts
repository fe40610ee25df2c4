/** Whether an address leads out of the app: any with a scheme or a host of its own. */
export const isOutside = (address: string): boolean =>
  /^([a-z][a-z\d+.-]*:|[/\\]{2})/i.test(address);
