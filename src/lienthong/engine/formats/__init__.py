"""What is known of data in the forms that others read: pure mappings, no reading and no sending.

`dqv` says how good data are in the Data Quality Vocabulary of W3C, `qualitybook` in a workbook for people.
"""
