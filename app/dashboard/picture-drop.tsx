import { DropZone } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { PICTURE_TYPES } from './upload-picture.ts';

/** Where a picture is dropped or chosen; loaded apart from the form that it stands in. */
export function PictureDrop({
  label,
  isBusy,
  onChoose,
}: {
  label: string;
  isBusy: boolean;
  onChoose: (file: File) => void;
}) {
  const { t } = useTranslation();
  return (
    <DropZone
      label={label}
      labelHidden
      accept={PICTURE_TYPES}
      type="image"
      allowMultiple={false}
      disabled={isBusy}
      variableHeight
      // What is not taken is said by the server, in words.
      onDrop={([file]) => file !== undefined && onChoose(file)}
    >
      <DropZone.FileUpload actionTitle={t('picture.upload')} actionHint={t('picture.hint')} />
    </DropZone>
  );
}
