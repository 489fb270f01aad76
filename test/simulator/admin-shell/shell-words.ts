export type AdminLocale = 'en' | 'zh-CN';

export interface ShellWords {
  home: string;
  orders: string;
  products: string;
  customers: string;
  apps: string;
  settings: string;
  onlineStore: string;
  salesChannels: string;
  control: string;
  search: string;
  menu: string;
  close: string;
  unsavedChanges: string;
  save: string;
  discard: string;
  leaveTitle: string;
  leaveText: string;
  leave: string;
  stay: string;
  discardTitle: string;
  discardText: string;
  keepEditing: string;
  checkoutEditor: string;
  editorLead: string;
  placed: string;
  notPlaced: string;
  place: string;
  remove: string;
  noExtensions: string;
  openApp: string;
  preview: string;
  latest: string;
  nothingYet: string;
  notImitated: string;
  segments: string;
  useSegment: string;
}

export const LOCALE_NAMES: Record<AdminLocale, string> = { en: 'English', 'zh-CN': '简体中文' };

export function isAdminLocale(locale: string | undefined): locale is AdminLocale {
  return locale === 'en' || locale === 'zh-CN';
}

export const SHELL_WORDS: Record<AdminLocale, ShellWords> = {
  en: {
    home: 'Home',
    orders: 'Orders',
    products: 'Products',
    customers: 'Customers',
    apps: 'Apps',
    settings: 'Settings',
    onlineStore: 'Online Store',
    salesChannels: 'Sales channels',
    control: 'Control',
    search: 'Search',
    menu: 'Menu',
    close: 'Close',
    unsavedChanges: 'Unsaved changes',
    save: 'Save',
    discard: 'Discard',
    leaveTitle: 'Leave page with unsaved changes?',
    leaveText: 'Leaving this page will delete all unsaved changes.',
    leave: 'Leave page',
    stay: 'Stay',
    discardTitle: 'Discard all unsaved changes?',
    discardText: 'If you discard changes, you’ll delete any edits you made since you last saved.',
    keepEditing: 'Continue editing',
    checkoutEditor: 'Checkout editor',
    editorLead: 'App blocks on the checkout, thank-you and order status pages of this store.',
    placed: 'On the page',
    notPlaced: 'Not on the page',
    place: 'Add block',
    remove: 'Remove block',
    noExtensions: 'The app has no checkout extensions.',
    openApp: 'Open the app',
    preview: 'Open the online store',
    latest: 'The latest 50',
    nothingYet: 'Nothing here yet',
    notImitated: 'This page of Shopify’s admin is not imitated here.',
    segments: 'Segments',
    useSegment: 'Use segment',
  },
  'zh-CN': {
    home: '主页',
    orders: '订单',
    products: '产品',
    customers: '客户',
    apps: '应用',
    settings: '设置',
    onlineStore: '在线商店',
    salesChannels: '销售渠道',
    control: '控制台',
    search: '搜索',
    menu: '菜单',
    close: '关闭',
    unsavedChanges: '未保存的更改',
    save: '保存',
    discard: '放弃',
    leaveTitle: '离开页面而不保存更改？',
    leaveText: '离开此页面将删除所有未保存的更改。',
    leave: '离开页面',
    stay: '留在此页',
    discardTitle: '放弃所有未保存的更改？',
    discardText: '如果放弃更改，将删除自上次保存以来所做的所有编辑。',
    keepEditing: '继续编辑',
    checkoutEditor: '结账编辑器',
    editorLead: '此商店的结账页、感谢页和订单状态页上的应用块。',
    placed: '已在页面上',
    notPlaced: '未在页面上',
    place: '添加块',
    remove: '移除块',
    noExtensions: '该应用没有结账扩展。',
    openApp: '打开应用',
    preview: '打开在线商店',
    latest: '最近 50 条',
    nothingYet: '暂无内容',
    notImitated: '此处未模拟 Shopify 后台的这个页面。',
    segments: '客户细分',
    useSegment: '使用细分',
  },
};
