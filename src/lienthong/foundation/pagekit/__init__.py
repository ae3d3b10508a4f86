"""The page kit: layouts, components, filters and static files from which every page is put together.

Here: how a page looks, how numbers, dates and time limits are written, pages for faults and refusals, the sign-in pages.
Not here: any page of the product (see `lienthong.portal`, `lienthong.desk` and the `templates/` of each app) and any record.
"""
