import { AdminActionElement, AdminBlockElement } from './admin-elements.ts';
import { BannerElement } from './banner-element.ts';
import { BoxElement, GridElement, StackElement } from './box-elements.ts';
import { NumberFieldElement, SelectElement, TextFieldElement } from './field-elements.ts';
import { IconElement } from './icon-element.ts';
import { PageElement, ProgressElement } from './page-elements.ts';
import { ButtonElement, ClipboardItemElement, LinkElement, PressButtonElement } from './pressable-elements.ts';
import {
  elementWithRole,
  HeadingElement,
  ImageElement,
  LabelElement,
  SectionElement,
  SkeletonParagraphElement,
  SpinnerElement,
} from './text-elements.ts';

/** The elements of Shopify's checkout, customer account and admin that are imitated; any other `s-*` shows its children and nothing else. */
export function defineElements(): void {
  const elements: Record<string, CustomElementConstructor> = {
    's-admin-action': AdminActionElement,
    's-admin-block': AdminBlockElement,
    's-badge': LabelElement,
    's-banner': BannerElement,
    's-box': BoxElement,
    's-button': ButtonElement,
    's-chip': class extends LabelElement {},
    's-clipboard-item': ClipboardItemElement,
    's-divider': elementWithRole('separator'),
    's-grid': GridElement,
    's-grid-item': class extends BoxElement {},
    's-heading': HeadingElement,
    's-icon': IconElement,
    's-image': ImageElement,
    's-link': LinkElement,
    's-list-item': elementWithRole('listitem'),
    's-number-field': NumberFieldElement,
    's-option': class extends HTMLElement {},
    's-ordered-list': elementWithRole('list'),
    's-page': PageElement,
    's-paragraph': elementWithRole('paragraph'),
    's-press-button': PressButtonElement,
    's-progress': ProgressElement,
    's-query-container': class extends HTMLElement {},
    's-section': SectionElement,
    's-select': SelectElement,
    's-skeleton-paragraph': SkeletonParagraphElement,
    's-spinner': SpinnerElement,
    's-stack': StackElement,
    's-text': class extends HTMLElement {},
    's-text-field': TextFieldElement,
    's-unordered-list': elementWithRole('list'),
  };
  for (const [name, element] of Object.entries(elements)) customElements.define(name, element);
}
