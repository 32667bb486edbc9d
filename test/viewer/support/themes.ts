/** The colours that VS Code's four default themes give to a webview, as far as the timeline uses them. */
export const THEMES = {
  light: {
    kind: 'vscode-light',
    colours: {
      'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b', descriptionForeground: '#3b3b3b', 'sideBar-background': '#f8f8f8',
      'panel-border': '#e5e5e5', 'editorIndentGuide-background1': '#d3d3d3', focusBorder: '#005fb8',
      'editor-selectionBackground': '#add6ff', 'textLink-foreground': '#005fb8', 'input-background': '#ffffff',
      'input-foreground': '#3b3b3b', 'input-border': '#cecece', 'input-placeholderForeground': '#767676',
      'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
      errorForeground: '#c72e0f', 'charts-blue': '#1a85ff', 'charts-green': '#388a34', 'charts-red': '#e51400',
      'charts-yellow': '#bf8803', 'charts-purple': '#652d90', 'charts-orange': '#d18616', 'charts-lines': '#3b3b3b80',
      'badge-background': '#cccccc', 'badge-foreground': '#3b3b3b',
    },
  },
  dark: {
    kind: 'vscode-dark',
    colours: {
      'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', descriptionForeground: '#9d9d9d', 'sideBar-background': '#181818',
      'panel-border': '#2b2b2b', 'editorIndentGuide-background1': '#404040', focusBorder: '#0078d4',
      'editor-selectionBackground': '#264f78', 'textLink-foreground': '#4daafc', 'input-background': '#313131',
      'input-foreground': '#cccccc', 'input-border': '#3c3c3c', 'input-placeholderForeground': '#989898',
      'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#3c3c3c',
      errorForeground: '#f85149', 'charts-blue': '#3794ff', 'charts-green': '#89d185', 'charts-red': '#f14c4c',
      'charts-yellow': '#cca700', 'charts-purple': '#b180d7', 'charts-orange': '#d18616', 'charts-lines': '#cccccc80',
      'badge-background': '#616161', 'badge-foreground': '#f8f8f8',
    },
  },
  'high-contrast': {
    kind: 'vscode-high-contrast',
    colours: {
      'editor-background': '#000000', 'editor-foreground': '#ffffff', descriptionForeground: '#ffffffb3', 'sideBar-background': '#000000',
      'panel-border': '#6fc3df', 'editorIndentGuide-background1': '#ffffff40', focusBorder: '#f38518', contrastBorder: '#6fc3df',
      'editor-selectionBackground': '#ffffff', 'textLink-foreground': '#21a6ff', 'input-background': '#000000',
      'input-foreground': '#ffffff', 'input-border': '#6fc3df', 'input-placeholderForeground': '#ffffffb3',
      'button-secondaryBackground': '#000000', 'button-secondaryForeground': '#ffffff', 'button-secondaryHoverBackground': '#000000',
      errorForeground: '#f48771', 'charts-blue': '#3794ff', 'charts-green': '#89d185', 'charts-red': '#f14c4c',
      'charts-yellow': '#cca700', 'charts-purple': '#b180d7', 'charts-orange': '#d18616', 'charts-lines': '#ffffff80',
      'badge-background': '#000000', 'badge-foreground': '#ffffff',
    },
  },
  'high-contrast-light': {
    kind: 'vscode-high-contrast-light',
    colours: {
      'editor-background': '#ffffff', 'editor-foreground': '#292929', descriptionForeground: '#292929', 'sideBar-background': '#ffffff',
      'panel-border': '#0f4a85', 'editorIndentGuide-background1': '#cccccc', focusBorder: '#006bbd', contrastBorder: '#0f4a85',
      'editor-selectionBackground': '#0f4a85', 'textLink-foreground': '#0f4a85', 'input-background': '#ffffff',
      'input-foreground': '#292929', 'input-border': '#0f4a85', 'input-placeholderForeground': '#292929b3',
      'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#0f4a85', 'button-secondaryHoverBackground': '#ffffff',
      errorForeground: '#b5200d', 'charts-blue': '#1a85ff', 'charts-green': '#374e06', 'charts-red': '#e51400',
      'charts-yellow': '#bf8803', 'charts-purple': '#652d90', 'charts-orange': '#d18616', 'charts-lines': '#29292980',
      'badge-background': '#0f4a85', 'badge-foreground': '#ffffff',
    },
  },
} as const

export type ThemeName = keyof typeof THEMES
