"""The pages: server-rendered, Persian first, a handful of small custom elements, no script in a page.

``visit``      one reader's visit: workspace, settings, words, rendering
``cells``      how a value of a table is written, and which customers it opens
``selection``  which customers a list shows, in its address
``forms``      a form out of a value class's parameters
``drafts``     imports that are being prepared or are running
``pages/``     one file a page
"""
