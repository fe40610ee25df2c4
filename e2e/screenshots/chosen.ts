/** A picture that a document shows: where it is taken from, and the size it is kept at. */
export interface Chosen {
  /** Below the folder of single pictures. */
  readonly from: string;
  /** In the repository. */
  readonly to: string;
  readonly width: number;
  /** Cut here. */
  readonly height: number;
  /** Pixels of the original to leave out at the top. */
  readonly top?: number;
}

const merchant = (from: string, name: string, height = 640): Chosen => ({
  from: `en-1280/${from}.png`,
  to: `docs/merchant/pictures/${name}.webp`,
  width: 960,
  height,
});

export const chosenPictures: readonly Chosen[] = [
  { from: 'en-1280/admin/home.png', to: 'docs/screenshots/home.webp', width: 1_120, height: 800 },
  {
    from: 'en-1280/shop/panel-home.png',
    to: 'docs/screenshots/panel.webp',
    width: 1_120,
    height: 700,
  },
  merchant('states/home-empty', 'setup'),
  merchant('admin/way-purchase', 'earning'),
  merchant('admin/reward-amount', 'rewards'),
  merchant('admin/tiers', 'tiers'),
  merchant('admin/campaign', 'campaigns'),
  merchant('admin/expiration', 'expiration'),
  merchant('admin/customer', 'customer', 760),
  merchant('shop/panel-rewards', 'panel'),
  merchant('shop/checkout-member', 'checkout'),
];
