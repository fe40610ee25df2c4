import { BlockStack, Button, InlineError, InlineStack, Spinner, Text } from '@shopify/polaris';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureSource } from '../files/pictures.ts';
import { useShop } from './shop.ts';
import { PICTURE_TYPES, uploadPicture } from './upload-picture.ts';

const PictureDrop = lazy(() =>
  import('./picture-drop.tsx').then((module) => ({ default: module.PictureDrop })),
);

interface PictureFieldProps {
  label: string;
  helpText?: string;
  /** What was uploaded, an address of the web, or nothing. */
  value: string;
  error: string | undefined;
  onChange: (picture: string) => void;
}

/** A picture: uploaded when it is chosen, shown, replaced and removed; kept when the form is saved. */
export function PictureField({ label, helpText, value, error, onChange }: PictureFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const { isBusy, problem, said, choose, clear } = useUpload(onChange);
  const shownError = problem ?? error;
  return (
    <div
      role="group"
      aria-labelledby={id}
      // A group cannot be invalid to screen readers; its description says why.
      data-invalid={shownError === undefined ? undefined : ''}
      aria-describedby={shownError === undefined ? undefined : `${id}-error`}
      tabIndex={shownError === undefined ? undefined : -1}
    >
      <BlockStack gap="100">
        <Text as="span" id={id}>
          {label}
        </Text>
        {value === '' ? (
          <div className="ln-drop" aria-busy={isBusy}>
            <Suspense fallback={null}>
              <PictureDrop label={label} isBusy={isBusy} onChoose={choose} />
            </Suspense>
            {isBusy && <Spinner size="small" accessibilityLabel={t('picture.uploading')} />}
          </div>
        ) : (
          <Shown {...{ label, value, isBusy }} onChoose={choose} onRemove={clear} />
        )}
        {shownError !== undefined && <InlineError message={shownError} fieldID={`${id}-`} />}
        {helpText !== undefined && (
          <Text as="p" tone="subdued">
            {helpText}
          </Text>
        )}
        <span className="ln-hidden" aria-live="polite">
          {said}
        </span>
      </BlockStack>
    </div>
  );
}

interface ShownProps {
  label: string;
  value: string;
  isBusy: boolean;
  onChoose: (file: File) => void;
  onRemove: () => void;
}

function Shown({ label, value, isBusy, onChoose, onRemove }: ShownProps) {
  const { t } = useTranslation();
  const { pictures } = useShop();
  const input = useRef<HTMLInputElement>(null);
  return (
    <InlineStack gap="300" blockAlign="center" wrap={false}>
      <img className="ln-picture" src={pictureSource(value, pictures)} alt="" />
      <InlineStack gap="200">
        <Button
          loading={isBusy}
          accessibilityLabel={t('picture.replaceOf', { label })}
          onClick={() => input.current?.click()}
        >
          {t('picture.replace')}
        </Button>
        <Button
          variant="tertiary"
          tone="critical"
          disabled={isBusy}
          accessibilityLabel={t('picture.removeOf', { label })}
          onClick={onRemove}
        >
          {t('picture.remove')}
        </Button>
      </InlineStack>
      <input
        ref={input}
        hidden
        type="file"
        accept={PICTURE_TYPES}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          // The same file may be chosen again.
          currentTarget.value = '';
          if (file !== undefined) onChoose(file);
        }}
      />
    </InlineStack>
  );
}

/** The upload of a file that was chosen; of two, the later one counts. */
function useUpload(onChange: (picture: string) => void) {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [said, setSaid] = useState('');
  const turn = useRef(0);
  const onChangeRef = useRef(onChange);
  onChangeRef.current = onChange;
  useEffect(() => {
    const turns = turn;
    return () => {
      turns.current = -1;
    };
  }, []);
  const choose = (file: File) => {
    const own = (turn.current += 1);
    setBusy(true);
    setProblem(undefined);
    setSaid(t('picture.uploading'));
    void uploadPicture(file, (...parameters) => window.fetch(...parameters)).then((answer) => {
      if (turn.current !== own) return;
      setBusy(false);
      if ('picture' in answer) {
        setSaid(t('picture.shown'));
        onChangeRef.current(answer.picture);
        return;
      }
      setSaid('');
      setProblem('refused' in answer ? t(`fields.${answer.refused}`) : t('picture.failed'));
    });
  };
  const clear = () => {
    turn.current += 1;
    setProblem(undefined);
    setSaid(t('picture.removed'));
    onChangeRef.current('');
  };
  return { isBusy, problem, said, choose, clear };
}
