// Shopify's customer privacy API, loaded on demand as at Shopify. These visitors come from where nobody has to be asked.
window.Shopify.loadFeatures = (features, done) => {
  const unknown = features.find(({ name }) => name !== 'consent-tracking-api');
  if (!unknown)
    window.Shopify.customerPrivacy = {
      analyticsProcessingAllowed: () => true,
      marketingAllowed: () => true,
      preferencesProcessingAllowed: () => true,
      saleOfDataAllowed: () => true,
      shouldShowBanner: () => false,
    };
  setTimeout(done, 0, unknown && new Error(`No feature is named ${unknown.name}`));
};
