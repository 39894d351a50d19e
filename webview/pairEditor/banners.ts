import type { Overview } from '../../src/protocol/pairEditor';
import { h } from '../shared/dom';
import { CompareBanner, type CompareBannerOptions } from './compare/compareBanner';
import { FindingsBanner, type FindingsBannerOptions } from './findingsBanner';
import { strings } from './strings';
import { ReadOnlyBanner, type ReadOnlyBannerOptions } from './readOnlyBanner';

/** The area between the toolbar and the rows: an error, why the file is not edited, findings about all rows. */
export class Banners {
  private readonly error = h('div', { class: 'banner bad', role: 'alert' });
  private readonly readOnly: ReadOnlyBanner;
  private readonly findings: FindingsBanner;
  private readonly compare: CompareBanner;
  private readonly elsewhere = h('div', { class: 'banner', role: 'status' });

  constructor(options: FindingsBannerOptions & ReadOnlyBannerOptions & CompareBannerOptions) {
    this.readOnly = new ReadOnlyBanner(options);
    this.findings = new FindingsBanner(options);
    this.compare = new CompareBanner(options);
  }

  get elements(): readonly HTMLElement[] {
    return [this.error, this.elsewhere, this.readOnly.element, this.findings.element, this.compare.element];
  }

  /** @param open whether all findings are shown */
  showFindings(open: boolean): void {
    this.findings.show(open);
  }

  draw({
    rows,
    shown,
    otherKind,
    findings,
    unit,
    error,
    notice,
    readOnly,
    comparison,
    editedElsewhere,
  }: Overview): void {
    this.findings.draw(rows === 0 || otherKind !== null ? [] : findings, unit);
    this.error.textContent = error ?? notice;
    this.readOnly.draw(readOnly);
    this.compare.draw(comparison);
    this.elsewhere.textContent = editedElsewhere ? strings.editedElsewhere : '';
    document.body.classList.toggle('read-only', readOnly !== null);
    document.body.classList.toggle('no-rows', shown === 0);
  }
}
