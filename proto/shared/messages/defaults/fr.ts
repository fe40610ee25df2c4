import type { MessageType } from '../../vocabulary/messages.ts';
import type { MessageWords } from '../blocks.ts';
import { button, code, figure, heading, message, text } from './compose.ts';

export const FR: Record<MessageType, MessageWords> = {
  points_earned: message(
    'Vous avez gagné {{ points }}',
    'Votre solde est de {{ points_balance }}.',
    [
      heading('Merci, {{ first_name | et à bientôt }} !'),
      text(
        'Vous venez de gagner **{{ points }}** chez {{ shop_name }}.',
        'C’est pour votre commande {{ order_name }}.',
      ),
      figure('{{ points_balance }}', 'Votre solde'),
      button('Voir vos récompenses'),
    ],
    [
      'Vous avez gagné {{ points }}.',
      'Votre solde : {{ points_balance }}.',
      'Vos récompenses : {{ shop_url }}',
    ],
  ),
  points_expiring: message(
    'À utiliser jusqu’au {{ expires_on }} : {{ points }}',
    'Il est encore temps de choisir une récompense.',
    [
      heading('Ne laissez pas expirer votre solde'),
      text(
        'Bonjour {{ first_name | à vous }},',
        'Une partie de votre solde expire bientôt. Échangez-la contre une récompense jusqu’au **{{ expires_on }}**.',
      ),
      figure('{{ points }}', 'À utiliser bientôt'),
      text('Votre solde est de {{ points_balance }}.'),
      button('Choisir une récompense'),
    ],
    ['À utiliser jusqu’au {{ expires_on }} : {{ points }}.', '{{ shop_url }}'],
  ),
  birthday_reward: message(
    'Un cadeau d’anniversaire de la part de {{ shop_name }}',
    'Nous avons ajouté {{ points }} à votre solde.',
    [
      heading('Joyeux anniversaire !'),
      text(
        'Bonjour {{ first_name | à vous }},',
        'Nous vous souhaitons une très belle journée. Voici notre cadeau : **{{ points }}**, déjà sur votre compte.',
      ),
      figure('{{ points }}', 'Votre cadeau d’anniversaire'),
      button('Me faire plaisir'),
    ],
    [
      'Joyeux anniversaire, {{ first_name | de la part de toute l’équipe }} ! Votre cadeau : {{ points }}.',
      'Pour en profiter : {{ shop_url }}',
    ],
  ),
  reward_redeemed: message(
    'Votre récompense : {{ reward_name | votre code de réduction }}',
    'À utiliser sur votre prochaine commande.',
    [
      heading('Profitez de votre récompense'),
      text(
        'Bonjour {{ first_name | à vous }},',
        'Votre récompense est prête : **{{ reward_name }}**.',
      ),
      code('Saisissez ce code au moment de payer'),
      text(
        'À utiliser jusqu’au {{ expires_on }}.',
        'Vous avez échangé {{ points }}. Votre solde est de {{ points_balance }}.',
      ),
      button('Aller à la boutique'),
    ],
    [
      'Votre récompense est prête : {{ reward_name }}.',
      'Saisissez le code {{ code }} au moment de payer.',
      'À utiliser jusqu’au {{ expires_on }}.',
      '{{ shop_url }}',
    ],
  ),
  referral_invite: message(
    '{{ advocate_name | Un proche }} vous envoie une offre de {{ shop_name }}',
    'Une offre de bienvenue pour votre première commande.',
    [
      heading('{{ advocate_name | Un proche }} pense que {{ shop_name }} va vous plaire'),
      text('Bonjour {{ first_name | à vous }},', 'Voici une offre de bienvenue pour commencer.'),
      figure('{{ offer }}', 'Pour vous, de la part de {{ advocate_name | l’un de vos proches }}'),
      button('Profiter de l’offre', '{{ referral_url }}'),
    ],
    [
      '{{ advocate_name | Un proche }} vous envoie une offre : {{ offer | un cadeau de bienvenue }}.',
      'Pour en profiter : {{ referral_url }}',
    ],
  ),
  referral_completed: message(
    'Votre récompense de parrainage est arrivée',
    '{{ friend_name | Votre filleul }} nous a rejoints grâce à vous.',
    [
      heading('Merci de parler de nous'),
      text(
        'Bonjour {{ first_name | à vous }},',
        '{{ friend_name | Votre filleul }} a découvert {{ shop_name }} grâce à votre lien. Voici votre récompense.',
      ),
      figure('{{ points }}', 'Déjà sur votre solde'),
      code('Saisissez ce code au moment de payer'),
      text('Quelqu’un d’autre pourrait nous apprécier ? Votre lien est aussi pour lui.'),
      button('Partager votre lien', '{{ referral_url }}'),
    ],
    [
      '{{ friend_name | Votre filleul }} a suivi votre lien. Merci !',
      'Vous avez gagné {{ points }}.',
      'Votre code : {{ code }}',
      'Partager à nouveau : {{ referral_url }}',
    ],
  ),
  tier_upgraded: message(
    'Bienvenue dans {{ tier_name | votre nouveau palier VIP }}',
    'Vous avez atteint un nouveau palier VIP.',
    [
      heading('Vous avez atteint {{ tier_name | un nouveau palier }}'),
      text(
        'Félicitations, {{ first_name | et merci }} !',
        'Dès aujourd’hui, tous les avantages de **{{ tier_name | votre nouveau palier }}** sont à vous.',
      ),
      figure('{{ points_balance }}', 'Votre solde'),
      button('Voir vos avantages'),
    ],
    [
      'Félicitations ! Vous avez atteint {{ tier_name | un nouveau palier }}.',
      'Vos avantages : {{ shop_url }}',
    ],
  ),
  tier_change: message(
    'Votre palier VIP a changé',
    'Voici votre palier actuel.',
    [
      heading('Votre palier VIP a changé'),
      text(
        'Bonjour {{ first_name | à vous }},',
        'Votre palier est désormais **{{ tier_name }}**.',
        'Jusqu’ici, c’était {{ previous_tier_name }}.',
        'Votre solde ne change pas, et vos commandes comptent pour le palier suivant.',
      ),
      figure('{{ points_balance }}', 'Votre solde'),
      button('Voir comment progresser'),
    ],
    [
      'Votre palier VIP a changé.',
      'Votre palier est désormais {{ tier_name }}.',
      'Pour progresser : {{ shop_url }}',
    ],
  ),
  nudge: message(
    '{{ title | Des nouvelles de la boutique }}',
    '',
    [
      heading('{{ title | Des nouvelles pour vous }}'),
      text('Bonjour {{ first_name | à vous }},', '{{ message }}'),
      button('Aller chez {{ shop_name | nous }}'),
    ],
    ['{{ message }}', '{{ shop_url }}'],
  ),
  gdpr_request: message(
    'Nous avons reçu votre demande de confidentialité',
    'Nous y répondrons sous 30 jours.',
    [
      heading('Nous avons reçu votre demande'),
      text(
        'Bonjour {{ first_name | à vous }},',
        '{{ shop_name }} a reçu votre demande sur vos données personnelles. Nous y répondrons sous 30 jours.',
        'Si vous n’êtes pas à l’origine de cette demande, répondez à cet e-mail.',
      ),
    ],
    ['Nous avons reçu votre demande sur vos données personnelles et y répondrons sous 30 jours.'],
  ),
  badge_earned: message(
    'Vous avez gagné un badge : {{ badge_name | découvrez-le }}',
    'Bravo.',
    [
      heading('Vous avez gagné un badge'),
      text('Bravo, {{ first_name | et merci }} !'),
      figure('{{ badge_name }}', 'Votre nouveau badge'),
      button('Voir vos badges'),
    ],
    ['Vous avez gagné un badge : {{ badge_name }}.', 'Vos badges : {{ shop_url }}'],
  ),
  onboarding_task_completed: message(
    'Étape terminée : {{ task_name | la suite vous attend }}',
    'Une étape de plus.',
    [
      heading('Une étape de plus'),
      text(
        'Bonjour {{ first_name | à vous }},',
        'Vous avez terminé **{{ task_name }}**.',
        'Revenez quand vous voulez pour voir la suite.',
      ),
      button('Voir la suite'),
    ],
    ['Vous avez terminé {{ task_name }}.', 'La suite : {{ shop_url }}'],
  ),
};
