import { authenticateFetch } from './app-bridge/authenticated-fetch.ts';
import { ownPath, readFrameConfig } from './app-bridge/frame-config.ts';
import type { FrameConfig } from './app-bridge/frame-config.ts';
import { defineModal, modalApi } from './app-bridge/modal.ts';
import { defineNavMenu } from './app-bridge/nav-menu.ts';
import { createNavigator, redirectLeavingLinks, reportMoves } from './app-bridge/navigation.ts';
import { defineSaveBarElement, SaveBar, saveBarApi } from './app-bridge/save-bar.ts';
import { watchSaveBarForms } from './app-bridge/save-bar-forms.ts';
import { ShellConnection } from './app-bridge/shell-connection.ts';
import { defineTitleBar } from './app-bridge/title-bar.ts';
import { createToastApi } from './app-bridge/toast.ts';

const SCRIPT = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

function start(): void {
  hideConfigurationElements();
  const shellOrigin = new URL(SCRIPT?.src ?? document.referrer).origin;
  const config = readFrameConfig(SCRIPT);
  if (window.top === window) {
    returnToAdmin(shellOrigin, config);
    return;
  }
  const connection = new ShellConnection(shellOrigin);
  const saveBar = new SaveBar(connection);
  const idToken = async (): Promise<string> => String(await connection.ask('id-token'));
  publish(connection, config, saveBar, idToken);

  const reload = new URLSearchParams(location.search).get('shopify-reload');
  if (reload !== null) {
    void reloadWithToken(reload, idToken);
    return;
  }
  reportMoves(connection);
  const navigate = createNavigator();
  saveBar.guardLinks();
  authenticateFetch(idToken, redirectLeavingLinks(connection, config));
  defineNavMenu(connection, (link) => void saveBar.leaveConfirmation().then(() => navigate(link)));
  defineTitleBar(connection);
  defineModal(connection);
  defineSaveBarElement(saveBar);
  watchSaveBarForms(saveBar);
}

/** By an adopted sheet: a style element or attribute would not match what the app's server rendered. */
function hideConfigurationElements(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('ui-nav-menu, s-app-nav, ui-title-bar, ui-save-bar { display: none !important; }');
  document.adoptedStyleSheets.push(sheet);
}

function publish(
  connection: ShellConnection,
  config: FrameConfig,
  saveBar: SaveBar,
  idToken: () => Promise<string>,
): void {
  const shopify = {
    config,
    origin: location.origin,
    ready: Promise.resolve(),
    environment: { mobile: false, embedded: true, pos: false, intent: false },
    idToken,
    user: () => connection.ask('user'),
    toast: createToastApi(connection),
    saveBar: saveBarApi(saveBar),
    modal: modalApi,
    loading: (isLoading = true) => connection.send({ kind: 'loading', isLoading }),
    scopes: {
      query: () => connection.ask('scopes'),
      request: refuse('scopes.request'),
      revoke: refuse('scopes.revoke'),
    },
    app: { extensions: () => connection.ask('extensions') },
    reviews: {
      request: async () => ({
        success: false,
        code: 'merchant-ineligible',
        message: 'A review cannot be written in the local Shopify',
      }),
    },
    webVitals: { onReport: async () => {} },
    support: { registerHandler: async () => {} },
    resourcePicker: refuse('resourcePicker'),
    picker: refuse('picker'),
    intents: { register: () => () => {}, invoke: refuse('intents.invoke') },
    scanner: { capture: refuse('scanner.capture') },
  };
  Object.defineProperty(window, 'shopify', { value: shopify, configurable: true });
}

/** The bounce page asks for the address that it names to be opened again with a fresh session token. */
async function reloadWithToken(reload: string, idToken: () => Promise<string>): Promise<void> {
  const url = new URL(reload, location.href);
  url.searchParams.set('id_token', await idToken());
  location.replace(url);
}

/** An embedded page that was opened on its own belongs inside the admin. */
function returnToAdmin(shellOrigin: string, config: FrameConfig): void {
  if (config.shop === '') return;
  const handle = config.shop.replace(/\.myshopify\.com$/, '');
  location.replace(`${shellOrigin}/store/${handle}/apps/${config.apiKey}${ownPath(location)}`);
}

function refuse(name: string): () => Promise<never> {
  return () => Promise.reject(new Error(`shopify.${name} is not imitated by the local Shopify.`));
}

start();
