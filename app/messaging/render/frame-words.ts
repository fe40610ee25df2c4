import type { MessageType } from '#vocabulary/messages.ts';
import type { Language } from '../../i18n/languages.ts';

/** What stands below every message, in its reader's language. */
export interface FrameWords {
  /** Why this mail came, to a member and to someone who was invited. */
  readonly reason: string;
  readonly invited: string;
  readonly unsubscribe: string;
  /** Of a text message, as 47 CFR 64.1200 and Twilio's and Postscript's stop words have it. */
  readonly stop: string;
}

export const FRAME_WORDS: Record<Language, FrameWords> = {
  en: {
    reason: 'You’re receiving this email because you’re a member of {shop}’s loyalty program.',
    invited: 'You’re receiving this email because a friend invited you to {shop}.',
    unsubscribe: 'Unsubscribe',
    stop: 'Reply STOP to opt out',
  },
  es: {
    reason: 'Recibes este correo porque eres miembro del programa de fidelidad de {shop}.',
    invited: 'Recibes este correo porque alguien te ha invitado a {shop}.',
    unsubscribe: 'Darse de baja',
    stop: 'Responde STOP para no recibir más',
  },
  fr: {
    reason:
      'Vous recevez cet e-mail parce que vous êtes membre du programme de fidélité de {shop}.',
    invited: 'Vous recevez cet e-mail parce qu’un proche vous a envoyé une invitation de {shop}.',
    unsubscribe: 'Se désinscrire',
    stop: 'Répondez STOP pour ne plus en recevoir',
  },
};

/** The sentence that says why a mail came. */
export function reasonFor(type: MessageType, language: Language, shop: string): string {
  const words = FRAME_WORDS[language];
  const sentence = type === 'referral_invite' ? words.invited : words.reason;
  return sentence.replace('{shop}', () => shop);
}
