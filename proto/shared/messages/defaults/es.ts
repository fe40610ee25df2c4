import type { MessageType } from '../../vocabulary/messages.ts';
import type { MessageWords } from '../blocks.ts';
import { button, code, figure, heading, message, text } from './compose.ts';

export const ES: Record<MessageType, MessageWords> = {
  points_earned: message(
    'Has ganado {{ points }}',
    'Tu saldo es de {{ points_balance }}.',
    [
      heading('¡Gracias, {{ first_name | y hasta pronto }}!'),
      text(
        'Acabas de ganar **{{ points }}** en {{ shop_name }}.',
        'Corresponden a tu pedido {{ order_name }}.',
      ),
      figure('{{ points_balance }}', 'Tu saldo'),
      button('Ver tus recompensas'),
    ],
    [
      'Has ganado {{ points }}.',
      'Tu saldo: {{ points_balance }}.',
      'Mira tus recompensas: {{ shop_url }}',
    ],
  ),
  points_expiring: message(
    'Usa {{ points }} hasta el {{ expires_on }}',
    'Todavía puedes canjear tu saldo por una recompensa.',
    [
      heading('No dejes que caduque tu saldo'),
      text(
        'Hola, {{ first_name | qué tal }}:',
        'Una parte de tu saldo caduca pronto. Canjéala por una recompensa hasta el **{{ expires_on }}**.',
      ),
      figure('{{ points }}', 'A punto de caducar'),
      text('Tu saldo es de {{ points_balance }}.'),
      button('Elegir una recompensa'),
    ],
    ['Usa {{ points }} hasta el {{ expires_on }}, antes de que caduquen.', '{{ shop_url }}'],
  ),
  birthday_reward: message(
    'Un regalo de cumpleaños de {{ shop_name }}',
    'Hemos añadido {{ points }} a tu saldo.',
    [
      heading('¡Feliz cumpleaños!'),
      text(
        'Hola, {{ first_name | qué tal }}:',
        'Esperamos que pases un gran día. Este es nuestro regalo: **{{ points }}**, que ya están en tu cuenta.',
      ),
      figure('{{ points }}', 'Tu regalo de cumpleaños'),
      button('Darme un capricho'),
    ],
    [
      '¡Feliz cumpleaños, {{ first_name | de parte de todo el equipo }}! Tu regalo: {{ points }}.',
      'Disfrútalo aquí: {{ shop_url }}',
    ],
  ),
  reward_redeemed: message(
    'Tu recompensa: {{ reward_name | tu código de descuento }}',
    'Úsala en tu próximo pedido.',
    [
      heading('Disfruta de tu recompensa'),
      text(
        'Hola, {{ first_name | qué tal }}:',
        'Ya puedes usar tu recompensa: **{{ reward_name }}**.',
      ),
      code('Introduce este código al pagar'),
      text(
        'Úsalo hasta el {{ expires_on }}.',
        'Has canjeado {{ points }}. Tu saldo es de {{ points_balance }}.',
      ),
      button('Ir a la tienda'),
    ],
    [
      'Tu recompensa está lista: {{ reward_name }}.',
      'Introduce el código {{ code }} al pagar.',
      'Úsalo hasta el {{ expires_on }}.',
      '{{ shop_url }}',
    ],
  ),
  referral_invite: message(
    '{{ advocate_name | Alguien que conoces }} te envía una oferta de {{ shop_name }}',
    'Una oferta de bienvenida para tu primer pedido.',
    [
      heading('{{ advocate_name | Alguien que conoces }} cree que {{ shop_name }} te va a gustar'),
      text('Hola, {{ first_name | qué tal }}:', 'Esta es tu oferta de bienvenida para empezar.'),
      figure('{{ offer }}', 'Para ti, de parte de {{ advocate_name | alguien que conoces }}'),
      button('Quiero mi oferta', '{{ referral_url }}'),
    ],
    [
      '{{ advocate_name | Alguien que conoces }} te envía una oferta: {{ offer | un regalo de bienvenida }}.',
      'Consíguela aquí: {{ referral_url }}',
    ],
  ),
  referral_completed: message(
    'Tu recompensa por recomendarnos',
    '{{ friend_name | Tu invitación }} ya forma parte de la tienda, gracias a ti.',
    [
      heading('Gracias por recomendarnos'),
      text(
        'Hola, {{ first_name | qué tal }}:',
        '{{ friend_name | Alguien }} ha llegado a {{ shop_name }} con tu enlace. Esta es tu recompensa.',
      ),
      figure('{{ points }}', 'Ya en tu saldo'),
      code('Introduce este código al pagar'),
      text('¿Conoces a alguien más a quien le gustaríamos? Tu enlace también le sirve.'),
      button('Compartir tu enlace', '{{ referral_url }}'),
    ],
    [
      '{{ friend_name | Alguien }} ha llegado con tu enlace. ¡Gracias!',
      'Has ganado {{ points }}.',
      'Tu código: {{ code }}',
      'Compártelo otra vez: {{ referral_url }}',
    ],
  ),
  tier_upgraded: message(
    'Te damos la bienvenida a {{ tier_name | tu nuevo nivel VIP }}',
    'Has alcanzado un nuevo nivel VIP.',
    [
      heading('Has alcanzado {{ tier_name | un nuevo nivel }}'),
      text(
        '¡Enhorabuena, {{ first_name | y gracias }}!',
        'Desde hoy tienes todas las ventajas de **{{ tier_name | tu nuevo nivel }}**.',
      ),
      figure('{{ points_balance }}', 'Tu saldo'),
      button('Ver tus ventajas'),
    ],
    [
      '¡Enhorabuena! Has alcanzado {{ tier_name | un nuevo nivel }}.',
      'Mira tus ventajas: {{ shop_url }}',
    ],
  ),
  tier_change: message(
    'Tu nivel VIP ha cambiado',
    'Este es tu nivel actual.',
    [
      heading('Tu nivel VIP ha cambiado'),
      text(
        'Hola, {{ first_name | qué tal }}:',
        'Tu nivel ahora es **{{ tier_name }}**.',
        'Hasta ahora era {{ previous_tier_name }}.',
        'Tu saldo no cambia, y tus pedidos cuentan para el siguiente nivel.',
      ),
      figure('{{ points_balance }}', 'Tu saldo'),
      button('Ver cómo subir de nivel'),
    ],
    [
      'Tu nivel VIP ha cambiado.',
      'Tu nivel ahora es {{ tier_name }}.',
      'Mira cómo subir de nivel: {{ shop_url }}',
    ],
  ),
  nudge: message(
    '{{ title | Novedades de la tienda }}',
    '',
    [
      heading('{{ title | Novedades para ti }}'),
      text('Hola, {{ first_name | qué tal }}:', '{{ message }}'),
      button('Visitar {{ shop_name | la tienda }}'),
    ],
    ['{{ message }}', '{{ shop_url }}'],
  ),
  gdpr_request: message(
    'Hemos recibido tu solicitud de privacidad',
    'Te responderemos en un plazo de 30 días.',
    [
      heading('Hemos recibido tu solicitud de privacidad'),
      text(
        'Hola, {{ first_name | qué tal }}:',
        '{{ shop_name }} ha recibido tu solicitud sobre tus datos personales. Te responderemos en un plazo de 30 días.',
        'Si no has hecho esta solicitud, responde a este correo.',
      ),
    ],
    ['Hemos recibido tu solicitud de privacidad. Te responderemos en un plazo de 30 días.'],
  ),
  badge_earned: message(
    'Has ganado una insignia: {{ badge_name | descúbrela }}',
    'Enhorabuena.',
    [
      heading('Has ganado una insignia'),
      text('¡Enhorabuena, {{ first_name | y gracias }}!'),
      figure('{{ badge_name }}', 'Tu nueva insignia'),
      button('Ver tus insignias'),
    ],
    ['Has ganado una insignia: {{ badge_name }}.', 'Mira tus insignias: {{ shop_url }}'],
  ),
  onboarding_task_completed: message(
    'Completado: {{ task_name | tu siguiente paso }}',
    'Un paso más.',
    [
      heading('Un paso más'),
      text(
        'Hola, {{ first_name | qué tal }}:',
        'Has completado **{{ task_name }}**.',
        'Vuelve cuando quieras para ver el siguiente paso.',
      ),
      button('Ver el siguiente paso'),
    ],
    ['Has completado {{ task_name }}.', 'Mira el siguiente paso: {{ shop_url }}'],
  ),
};
