import { redirect } from '@remix-run/node';

/** The app is opened from Shopify's admin and never asks for a shop's domain; the public page says how. */
export const loader = () => redirect('/#install');
