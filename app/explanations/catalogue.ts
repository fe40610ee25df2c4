/**
 * Sentences that say why an entry is that many points, for shoppers and merchants alike. {placeholders} arrive
 * formatted; a text in [brackets] is left out when one of its placeholders is empty.
 */
export interface ExplanationWords {
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly multiplier: string;
  /** Between two sources that multiply each other. */
  readonly and: string;
  /** Between the points of a rate and the money that they are for: 10 points per ¥150. */
  readonly per: string;
  readonly multiplierSources: Readonly<Record<MultiplierSource, string>>;
  readonly debtRepaid: string;
  readonly debtIncurred: string;
}

export const reasons = [
  'order_paid',
  'order_edited',
  'order_refunded',
  'order_cancelled',
  'order_moved',
  'signup',
  'tier_entered',
  'newsletter',
  'review',
  'birthday',
  'social_follow',
  'social_share',
  'goal_spend',
  'adjusted',
  'adjustment_undone',
  'campaign_goal',
  'campaign_bonus',
  'campaign_gift',
  'campaign_taken_back',
  'redeemed',
  'redemption_released',
  'redemption_returned',
  'redemption_used_anyway',
  'expired',
  'imported',
  'merged',
  'written_off',
  'awarded',
] as const;
export type Reason = (typeof reasons)[number];

export const multiplierSources = [
  'first_purchase_24h',
  'rfm_champion',
  'tier',
  'campaign',
] as const;
export type MultiplierSource = (typeof multiplierSources)[number];

export const english: ExplanationWords = {
  reasons: {
    order_paid: 'Purchase[, order {order}][: {base} × {ratePoints}].',
    order_edited: 'Order[ {order}] changed[: it now counts as {base}].',
    order_refunded:
      'Refund[ of {refunded}][ on order {order}][: that part of its {award} goes back].',
    order_cancelled: 'Order[ {order}] was cancelled[: its {award} go back].',
    order_moved: 'Order[ {order}] was assigned to another customer: its points go with it.',
    signup: 'Welcome gift for joining.',
    tier_entered: 'Bonus for reaching a VIP tier[: {subject}].',
    newsletter: 'For subscribing to the newsletter.',
    review: 'For a review.',
    birthday: 'Happy birthday!',
    social_follow: 'For following the shop.',
    social_share: 'For sharing the shop.',
    goal_spend: 'For reaching a spending goal.',
    adjusted: 'Changed by the shop[: {reason}].',
    adjustment_undone: 'A change by the shop was undone[: {reason}].',
    campaign_goal: 'Goal of the campaign[ “{subject}”] reached[: {base} spent].',
    campaign_bonus: 'Bonus of the campaign[ “{subject}”][ for order {order}].',
    campaign_gift: 'Gift of the campaign[ “{subject}”].',
    campaign_taken_back:
      'What the campaign[ “{subject}”] asked for no longer holds after a refund or a cancellation[: its {award} go back].',
    redeemed: 'Redeemed[: {subject}].',
    redemption_released: 'A reward was not completed, so its {points} came back.',
    redemption_returned: 'Unused reward returned[: {subject}].',
    redemption_used_anyway:
      'A reward that had been given back was used after all[, on order {order}].',
    expired: 'Not used in time, so they lapsed.',
    imported: 'Brought over from the shop’s earlier programme.',
    merged: 'Moved when two accounts became one.',
    written_off: 'Closed together with the account.',
    awarded: 'Given by the shop[: {reason}].',
  },
  multiplier: 'Multiplied by {multiplier}[: {source}].',
  and: 'and',
  per: 'per',
  multiplierSources: {
    first_purchase_24h: 'first purchase within 24 hours of joining',
    rfm_champion: 'one of the shop’s best customers',
    tier: 'VIP tier',
    campaign: 'bonus campaign[ “{subject}”]',
  },
  debtRepaid: '{debtRepaid} of them paid back points that had been spent already.',
  debtIncurred: '{debtIncurred} of them had been spent already and come off what is earned next.',
};

export const spanish: ExplanationWords = {
  reasons: {
    order_paid: 'Compra[, pedido {order}][: {base} × {ratePoints}].',
    order_edited: 'El pedido[ {order}] cambió[: ahora cuenta por {base}].',
    order_refunded:
      'Reembolso[ de {refunded}][ del pedido {order}][: se devuelve esa parte de sus {award}].',
    order_cancelled: 'El pedido[ {order}] se canceló[: se devuelven sus {award}].',
    order_moved: 'El pedido[ {order}] se asignó a otro cliente: sus puntos van con él.',
    signup: 'Regalo de bienvenida por unirte.',
    tier_entered: 'Bonificación por alcanzar un nivel VIP[: {subject}].',
    newsletter: 'Por suscribirte al boletín.',
    review: 'Por una reseña.',
    birthday: '¡Feliz cumpleaños!',
    social_follow: 'Por seguir a la tienda.',
    social_share: 'Por compartir la tienda.',
    goal_spend: 'Por alcanzar una meta de gasto.',
    adjusted: 'Cambio hecho por la tienda[: {reason}].',
    adjustment_undone: 'Se deshizo un cambio hecho por la tienda[: {reason}].',
    campaign_goal: 'Objetivo de la campaña[ «{subject}»] alcanzado[: {base} gastados].',
    campaign_bonus: 'Bonificación de la campaña[ «{subject}»][ por el pedido {order}].',
    campaign_gift: 'Regalo de la campaña[ «{subject}»].',
    campaign_taken_back:
      'Lo que pedía la campaña[ «{subject}»] ya no se cumple tras un reembolso o una cancelación[: se devuelven sus {award}].',
    redeemed: 'Canjeados[: {subject}].',
    redemption_released: 'Una recompensa no se completó y sus {points} volvieron.',
    redemption_returned: 'Recompensa sin usar devuelta[: {subject}].',
    redemption_used_anyway:
      'Una recompensa devuelta se usó después de todo[, en el pedido {order}].',
    expired: 'No se usaron a tiempo y caducaron.',
    imported: 'Traídos del programa anterior de la tienda.',
    merged: 'Trasladados al unirse dos cuentas en una.',
    written_off: 'Cerrados junto con la cuenta.',
    awarded: 'Otorgados por la tienda[: {reason}].',
  },
  multiplier: 'Multiplicados por {multiplier}[: {source}].',
  and: 'y',
  per: 'por',
  multiplierSources: {
    first_purchase_24h: 'primera compra en las 24 horas tras unirte',
    rfm_champion: 'entre los mejores clientes de la tienda',
    tier: 'nivel VIP',
    campaign: 'campaña de bonificación[ «{subject}»]',
  },
  debtRepaid: '{debtRepaid} de ellos compensaron puntos que ya se habían gastado.',
  debtIncurred:
    '{debtIncurred} de ellos ya se habían gastado y se descontarán de lo próximo que se gane.',
};

export const french: ExplanationWords = {
  reasons: {
    order_paid: 'Achat[, commande {order}][ : {base} × {ratePoints}].',
    order_edited: 'La commande[ {order}] a changé[ : elle compte désormais pour {base}].',
    order_refunded:
      'Remboursement[ de {refunded}][ sur la commande {order}][ : cette part de ses {award} est reprise].',
    order_cancelled: 'La commande[ {order}] a été annulée[ : ses {award} sont repris].',
    order_moved: 'La commande[ {order}] a été attribuée à un autre client : ses points la suivent.',
    signup: 'Cadeau de bienvenue pour votre inscription.',
    tier_entered: 'Bonus pour avoir atteint un niveau VIP[ : {subject}].',
    newsletter: 'Pour votre inscription à la newsletter.',
    review: 'Pour un avis.',
    birthday: 'Joyeux anniversaire !',
    social_follow: 'Pour avoir suivi la boutique.',
    social_share: 'Pour avoir partagé la boutique.',
    goal_spend: 'Pour avoir atteint un objectif d’achats.',
    adjusted: 'Modifié par la boutique[ : {reason}].',
    adjustment_undone: 'Une modification de la boutique a été annulée[ : {reason}].',
    campaign_goal: 'Objectif de la campagne[ « {subject} »] atteint[ : {base} dépensés].',
    campaign_bonus: 'Bonus de la campagne[ « {subject} »][ pour la commande {order}].',
    campaign_gift: 'Cadeau de la campagne[ « {subject} »].',
    campaign_taken_back:
      'Ce que demandait la campagne[ « {subject} »] n’est plus rempli après un remboursement ou une annulation[ : ses {award} sont repris].',
    redeemed: 'Échangés[ : {subject}].',
    redemption_released: 'Une récompense n’a pas abouti : ses {points} sont revenus.',
    redemption_returned: 'Récompense non utilisée annulée[ : {subject}].',
    redemption_used_anyway:
      'Une récompense rendue a tout de même été utilisée[, sur la commande {order}].',
    expired: 'Non utilisés à temps, ils ont expiré.',
    imported: 'Repris de l’ancien programme de la boutique.',
    merged: 'Déplacés lors de la réunion de deux comptes.',
    written_off: 'Clos avec le compte.',
    awarded: 'Offerts par la boutique[ : {reason}].',
  },
  multiplier: 'Multipliés par {multiplier}[ : {source}].',
  and: 'et',
  per: 'par',
  multiplierSources: {
    first_purchase_24h: 'premier achat dans les 24 heures suivant l’inscription',
    rfm_champion: 'parmi les meilleurs clients de la boutique',
    tier: 'palier VIP',
    campaign: 'campagne bonus[ « {subject} »]',
  },
  debtRepaid: '{debtRepaid} d’entre eux ont compensé des points déjà dépensés.',
  debtIncurred:
    '{debtIncurred} d’entre eux étaient déjà dépensés et seront déduits des prochains gains.',
};
