import {
  BlockStack,
  Button,
  ButtonGroup,
  Card,
  InlineStack,
  Select,
  Spinner,
  Text,
} from '@shopify/polaris';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, LANGUAGES, isLanguage, type Language } from '../../../i18n/languages.ts';
import { useFormat, useShop } from '../../../dashboard/shop.ts';
import type { ContentForm, Surface } from '../content-form.ts';
import type { PreviewInput, PreviewWidget } from './preview-document.ts';

/** The widget's data in a language, for a guest and for a sample member. */
export interface PreviewSample {
  readonly guest: PreviewWidget;
  readonly member: PreviewWidget;
}

export interface StorefrontPreviewProps {
  readonly form: ContentForm;
  readonly surface: Surface;
  readonly defaultLanguage: Language;
  readonly samples: Readonly<Record<Language, PreviewSample>>;
  /** What of the panel is open. */
  readonly view?: string;
  /** Beside a form: begins with a phone, which is readable there. */
  readonly isNarrow?: boolean;
}

const devices = {
  desktop: { width: 1_100, height: 760 },
  phone: { width: 390, height: 720 },
} as const;
type Device = keyof typeof devices;

/** Typing is not interrupted; the preview updates when it pauses. */
const PAUSE_MS = 180;

/** The shop as shoppers would see it with the form's values, rendered by the real script and Liquid. */
export function StorefrontPreview(props: StorefrontPreviewProps) {
  const { t } = useTranslation();
  const [device, setDevice] = useState<Device>(props.isNarrow === true ? 'phone' : 'desktop');
  const [isMember, setMember] = useState(true);
  const [language, setLanguage] = useState<Language>(props.defaultLanguage);
  const input = usePreviewInput(props, language, isMember);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="end" gap="300">
          <Text as="h2" variant="headingMd">
            {t('preview.title')}
          </Text>
          <InlineStack gap="200" blockAlign="end">
            <ButtonGroup variant="segmented">
              {(['desktop', 'phone'] as const).map((each) => (
                <Button
                  key={each}
                  size="slim"
                  pressed={device === each}
                  onClick={() => setDevice(each)}
                >
                  {t(`preview.${each}`)}
                </Button>
              ))}
            </ButtonGroup>
            <ButtonGroup variant="segmented">
              {([true, false] as const).map((each) => (
                <Button
                  key={String(each)}
                  size="slim"
                  pressed={isMember === each}
                  onClick={() => setMember(each)}
                >
                  {t(each ? 'preview.member' : 'preview.guest')}
                </Button>
              ))}
            </ButtonGroup>
            <Select
              label={t('preview.language')}
              labelHidden
              options={LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] }))}
              value={language}
              onChange={(value) => isLanguage(value) && setLanguage(value)}
            />
          </InlineStack>
        </InlineStack>
        <Stage input={input} device={device} />
        <Text as="p" tone="subdued">
          {t(
            props.surface === 'checkout'
              ? 'preview.checkoutNote'
              : props.surface === 'bar' && device === 'phone'
                ? 'preview.barNote'
                : 'preview.note',
          )}
        </Text>
      </BlockStack>
    </Card>
  );
}

function usePreviewInput(
  { form, surface, defaultLanguage, samples, view }: StorefrontPreviewProps,
  language: Language,
  isMember: boolean,
): PreviewInput {
  const { i18n } = useTranslation();
  const { shopDomain, currency, pictures } = useShop();
  const { points } = useFormat();
  const t = i18n.getFixedT(language);
  const sample = samples[language];
  const total = { amount: '50', currency };
  return {
    form,
    surface,
    ...(view !== undefined && { view }),
    language,
    defaultLanguage,
    widget: isMember ? sample.member : sample.guest,
    pictures,
    pointsNames: {
      en: samples.en.guest.points_name,
      es: samples.es.guest.points_name,
      fr: samples.fr.guest.points_name,
    },
    page: { shop: shopDomain.replace('.myshopify.com', ''), goods: t('preview.goods') },
    checkout: {
      title: t('preview.order'),
      total: new Intl.NumberFormat(language, {
        style: 'currency',
        currency: currency || 'USD',
      }).format(Number(total.amount)),
      points: t('preview.earns', { points: points(earnedBy(sample.guest)) }),
    },
  };
}

/** What an order of 50 brings. */
const earnedBy = ({ quote }: PreviewWidget): number =>
  Math.floor((50 * Number(quote?.rate ?? '0')) / Number(quote?.per ?? '1'));

interface Frame {
  readonly turn: number;
  readonly html: string;
  readonly input: PreviewInput;
}

/** Two frames alternate: the next is drawn behind the visible one and replaces it when done. */
function useFrames(input: PreviewInput, device: Device) {
  const [frames, setFrames] = useState<readonly Frame[]>([]);
  const [shown, setShown] = useState(0);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const turns = useRef(0);
  // Rendering depends on the input's value, not its identity.
  const asked = JSON.stringify(input);

  useEffect(() => {
    let isWanted = true;
    const draw = async () => {
      try {
        const { previewDocument } = await import('./preview-document.ts');
        if (!isWanted) return;
        const next = JSON.parse(asked) as PreviewInput;
        const html = previewDocument(next);
        turns.current += 1;
        const frame = { turn: turns.current, html, input: next };
        // The visible frame stays until the new one is ready.
        setFrames((current) => [...current.slice(0, 1), frame]);
      } catch {
        if (isWanted) setFailed(true);
      }
    };
    const timer = setTimeout(() => void draw(), turns.current === 0 ? 0 : PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [asked, device, attempt]);

  const enliven = async (element: HTMLIFrameElement, { turn, input: drawn }: Frame) => {
    const { contentWindow } = element;
    if (contentWindow === null) return;
    try {
      const [{ bringToLife }, { draftBranding }] = await Promise.all([
        import('./preview-window.ts'),
        import('./preview-document.ts'),
      ]);
      await bringToLife(
        contentWindow as Window & typeof globalThis,
        {
          widget: drawn.widget,
          surface: drawn.surface,
          view: drawn.view,
          branding: draftBranding(drawn),
        },
        `${window.location.origin}/widget-assets/loyalnest.js`,
      );
      setFailed(false);
      setShown(turn);
      setFrames((current) => current.filter((each) => each.turn >= turn));
    } catch {
      // A frame abandoned for a newer one has not failed.
      if (turn === turns.current) setFailed(true);
    }
  };

  return { frames, shown, hasFailed, enliven, retry: () => setAttempt((count) => count + 1) };
}

function Stage({ input, device }: { input: PreviewInput; device: Device }) {
  const { t } = useTranslation();
  const { frames, shown, hasFailed, enliven, retry } = useFrames(input, device);
  const stage = useRef<HTMLDivElement>(null);
  const room = useWidth(stage);
  const { width, height } = devices[device];
  const scale = room === 0 ? 0 : Math.min(1, room / width);
  return (
    <div
      ref={stage}
      className="ln-stage"
      style={{ height: scale === 0 ? height : Math.ceil(height * scale) }}
      aria-busy={shown === 0 && !hasFailed}
    >
      {frames.map((frame) => (
        <iframe
          key={frame.turn}
          title={t('preview.frame')}
          // The widget runs in it and is steered from here; it opens nothing, sends no form and leads nowhere.
          sandbox="allow-scripts allow-same-origin"
          srcDoc={frame.html}
          onLoad={(event) => void enliven(event.currentTarget, frame)}
          data-shown={frame.turn === shown ? '' : undefined}
          aria-hidden={frame.turn !== shown}
          tabIndex={frame.turn === shown ? undefined : -1}
          style={{
            width,
            height,
            transform: `scale(${scale})`,
            left: Math.max(0, (room - width * scale) / 2),
          }}
        />
      ))}
      {hasFailed ? (
        <div className="ln-stage-note" role="alert">
          <Text as="p">{t('preview.failed')}</Text>
          <Button onClick={retry}>{t('common.retry')}</Button>
        </div>
      ) : (
        shown === 0 && (
          <div className="ln-stage-note">
            <Spinner accessibilityLabel={t('common.loading')} size="small" />
          </div>
        )
      )}
    </div>
  );
}

function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
