"""Documents that the people who run the assistant add themselves: PDF, Word, HTML, Markdown, plain text.

    file --sandbox--> worker (a child process with limits) --blocks--> library --passages--> index

`add` is the door: add_files, list_documents, remove_documents.
"""
